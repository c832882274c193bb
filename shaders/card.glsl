// Purpose: a keyed talent on its card, over what is there (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: picture: RGBA8 holding the source's Y', Cb, Cr codes and the matte (0 room, 1 person), not premultiplied, linear filter;
//   hidden (switch MASKED): R8, the size of the target, 1 where a set piece stands before this card, edge antialiased.
// Output: the program's codes (BT.709 limited) premultiplied with alpha.
// Uniforms: picture (unit 0), hidden (unit 1), to_program (3x3, source codes to program codes), offset (codes / 255, -1..1),
//   choke (matte value that becomes 0, and 1; 0..1 each), room (program codes / 255 of the room behind the person, 0..1),
//   spill (share of the room's light taken out of the edge, 0..1)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D picture;
uniform mat3 to_program;
uniform vec3 offset;
uniform vec2 choke;
uniform vec3 room;
uniform float spill;
#ifdef MASKED
uniform sampler2D hidden;
#endif
in vec2 uv;
out vec4 colour;
void main() {
    vec4 texel = texture(picture, uv);
    float alpha = smoothstep(choke.x, choke.y, texel.a);
    vec3 codes = to_program * texel.rgb + offset;
    // An edge pixel is a mix of person and room: seen = m * person + (1 - m) * room. Take some of the room out of it again.
    codes += (codes - room) * (spill * (1.0 - texel.a));
#ifdef MASKED
    alpha *= 1.0 - texelFetch(hidden, ivec2(gl_FragCoord.xy), 0).r;
#endif
    colour = vec4(clamp(codes, 0.0, 1.0) * alpha, alpha);
}
#endif
