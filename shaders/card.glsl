// Purpose: a keyed talent on its card, over what is there (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: picture: RGBA8 holding the source's Y', Cb, Cr codes and the matte (0 room, 1 person), not premultiplied, linear filter;
//   hidden (switch MASKED): R8, the size of the target, 1 where a set piece stands before this card, edge antialiased;
//   behind (switch WRAP): RGBA8 with mipmaps, the size of the target, what is drawn there so far;
//   look (switch LOOK): RGB16F, the program's codes after a look by those before it, linear filter.
// Output: the program's codes (BT.709 limited) premultiplied with alpha.
// Uniforms: picture (unit 0), opacity (0..1), hidden (the next unit), behind (the last unit), light (light wrap: strength 0..1, the most a pixel may be of it
//   0..1, how far it reaches in as a share of the card's height 0..1, mipmap level of behind 0..16), aspect (of the card, width / height),
//   dst (as in include/quad.glsl), src (the same), depth (the same), turn (cosine, -1..1, and sine, -1..1, of the angle by which dst is turned clockwise about
//   the point of the target that follows, in shares), shape (of the target, width / height)
#ifdef VERTEX
uniform vec4 dst;
uniform vec4 src;
uniform float depth;
uniform vec4 turn;
uniform float shape;
out vec2 uv;
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    uv = src.xy + corner * src.zw;
    vec2 at = dst.xy + corner * dst.zw;
    if (turn.y != 0.0) {
        vec2 off = (at - turn.zw) * vec2(shape, 1.0);
        at = turn.zw + vec2(turn.x * off.x - turn.y * off.y, turn.y * off.x + turn.x * off.y) / vec2(shape, 1.0);
    }
    gl_Position = vec4(at * 2.0 - 1.0, depth, 1.0);
}
#endif
#ifdef FRAGMENT
#include "include/grade.glsl"
#if defined(WRAP) && defined(LIGHT)
#include "include/light.glsl"
#endif
uniform sampler2D picture;
uniform float opacity;
#ifdef MASKED
uniform sampler2D hidden;
#endif
#ifdef WRAP
uniform sampler2D behind;
uniform vec4 light;
uniform float aspect;
#endif
in vec2 uv;
out vec4 colour;
void main() {
    vec4 texel = texture(picture, uv);
    float alpha = texel.a * opacity;
#ifdef MASKED
    alpha *= 1.0 - texelFetch(hidden, ivec2(gl_FragCoord.xy), 0).r;
#endif
    // Nothing there must write nothing: a card's empty corners would otherwise hide, by their depth, who stands behind.
    if (alpha <= 0.0) discard;
#ifdef WRAP
    // How much of a square around this point is inside: sixteen looks at it.
    float inside = 0.0;
    for (int i = 0; i < 16; i++) {
        vec2 away = vec2(i & 3, i >> 2) / 1.5 - 1.0;
        inside += texture(picture, uv + away * light.z * vec2(1.0 / aspect, 1.0)).a / 16.0;
    }
    float share = light.x * min(2.0 * (1.0 - inside), light.y);
    vec3 shine = textureLod(behind, gl_FragCoord.xy / vec2(textureSize(behind, 0)), light.w).rgb;
#ifdef LIGHT
    shine = codes_of(shine);
#endif
    colour = vec4(mix(clamp(graded(texel.rgb), 0.0, 1.0), shine, share) * alpha, alpha);
#else
    colour = vec4(clamp(graded(texel.rgb), 0.0, 1.0) * alpha, alpha);
#endif
}
#endif
