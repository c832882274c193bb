#!/bin/bash
# Look for the system libraries that the Python packages need, and install through apt only those that are missing.
#
#   tools/system.sh          to run a show
#   tools/system.sh --test   also what the tests talk to (an X server, an OSC client, an RTMP server, ffprobe)
#
# Ends with 0 even when something can't be had: it then says what, and `live doctor` says what that means for a show.
set -u
export PATH="$PATH:/usr/sbin:/sbin"

# Debian package, and what proves that it is there: a library, a command, a file (glob), or the package itself.
to_run="
libegl1          lib:libEGL.so.1
libegl-mesa0     lib:libEGL_mesa.so.0
libgl1           lib:libGL.so.1
libgles2         lib:libGLESv2.so.2
libgl1-mesa-dri  file:/usr/lib/*/dri/swrast_dri.so|/usr/lib/*/libgallium-*.so
libglib2.0-0     lib:libgthread-2.0.so.0
libx11-6         lib:libX11.so.6
libxext6         lib:libXext.so.6
libsm6           lib:libSM.so.6
libice6          lib:libICE.so.6
libexpat1        lib:libexpat.so.1
libportaudio2    lib:libportaudio.so.2
libasound2-plugins file:/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so
fontconfig-config file:/etc/fonts/fonts.conf
python3-venv     venv:
"
to_test="
ffmpeg            command:ffprobe
liblo-tools       command:oscsend
nginx             command:nginx
libnginx-mod-rtmp file:/usr/lib/nginx/modules/ngx_rtmp_module.so
xdotool           command:xdotool
xvfb              command:Xvfb
pulseaudio        command:pulseaudio
pulseaudio-utils  command:pactl
pipewire          command:pipewire
pipewire-pulse    command:pipewire-pulse
wireplumber       command:wireplumber
dbus-daemon       command:dbus-run-session
"

libraries="$(ldconfig -p 2>/dev/null || true)"

there() {
    case "$1" in
        lib:*) [[ "$libraries" == *"${1#lib:} "* ]] ;;
        venv:*) # a venv that is there already (made by uv, say) needs nothing to make one
            [ -x "${VENV:-.venv}/bin/python" ] || [ -z "${PYTHON:-}" ] || "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ;;
        command:*) command -v "${1#command:}" >/dev/null ;;
        file:*)
            local pattern
            IFS='|' read -ra patterns <<<"${1#file:}"
            for pattern in "${patterns[@]}"; do compgen -G "$pattern" >/dev/null && return 0; done
            return 1
            ;;
    esac
}

missing_of() {
    local package proof
    while read -r package proof; do
        if [ -n "$package" ] && ! there "$proof"; then printf '%s ' "$package"; fi
    done <<<"$1"
}

list="$to_run"
if [ "${1:-}" = --test ]; then list="$list$to_test"; fi
missing="$(missing_of "$list")"
if [ -z "$missing" ]; then
    echo "   all there"
    exit 0
fi
echo "   missing: $missing"

if ! command -v apt-get >/dev/null; then
    echo "   ! this system has no apt-get. Install what holds these (Debian's names): $missing"
    echo "     Going on without; \`.venv/bin/live doctor\` says what is still missing."
    exit 0
fi

as_root=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        echo "   installing them needs root: sudo may ask for your password"
        as_root="sudo"
    else
        echo "   ! installing them needs root, and sudo can't be used here. Let an administrator run:"
        echo "     apt-get install --no-install-recommends $missing"
        echo "     Going on without; \`.venv/bin/live doctor\` says what is still missing."
        exit 0
    fi
fi

apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" </dev/null; }
install() { apt install -y --no-install-recommends "$@" >/dev/null; }

# nginx is here for the tests only, which start their own: a service on port 80 is nothing anybody asked for.
had_nginx=yes
if ! command -v nginx >/dev/null; then had_nginx=no; fi

echo "   apt-get update"
apt update || echo "   ! apt-get update failed; trying with the package lists that are there"
echo "   apt-get install $missing"
# shellcheck disable=SC2086  # a list of names
if ! install $missing; then
    echo "   ! not all at once; one by one:"
    for package in $missing; do install "$package" || echo "   ! $package can't be installed"; done
fi

if [ "$had_nginx" = no ] && command -v nginx >/dev/null; then
    if [ -d /run/systemd/system ]; then
        $as_root systemctl disable --now nginx >/dev/null 2>&1 || echo "   ! the nginx service could not be switched off; it is not needed"
    elif [ -x /etc/init.d/nginx ]; then
        $as_root /etc/init.d/nginx stop >/dev/null 2>&1 || echo "   ! the nginx service could not be stopped; it is not needed"
    fi
fi

libraries="$(ldconfig -p 2>/dev/null || true)"
missing="$(missing_of "$list")"
if [ -n "$missing" ]; then
    echo "   ! still missing: $missing"
    echo "     Going on without; \`.venv/bin/live doctor\` says what that means for a show."
else
    echo "   all there now"
fi
