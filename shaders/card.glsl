// Purpose: a keyed talent on its card, over what is there (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: picture: RGBA8 holding the source's Y', Cb, Cr codes and the matte (0 room, 1 person), not premultiplied, linear filter;
//   hidden (switch MASKED): R8, the size of the target, 1 where a set piece stands before this card, edge antialiased;
//   look (switch LOOK): RGB16F, the program's codes after a look by those before it, linear filter.
// Output: the program's codes (BT.709 limited) premultiplied with alpha.
// Uniforms: picture (unit 0), hidden (unit 1)
#include "include/quad.glsl"
#ifdef FRAGMENT
#include "include/grade.glsl"
uniform sampler2D picture;
#ifdef MASKED
uniform sampler2D hidden;
#endif
in vec2 uv;
out vec4 colour;
void main() {
    vec4 texel = texture(picture, uv);
    float alpha = texel.a;
#ifdef MASKED
    alpha *= 1.0 - texelFetch(hidden, ivec2(gl_FragCoord.xy), 0).r;
#endif
    // Nothing there must write nothing: a card's empty corners would otherwise hide, by their depth, who stands behind.
    if (alpha <= 0.0) discard;
    colour = vec4(clamp(graded(texel.rgb), 0.0, 1.0) * alpha, alpha);
}
#endif
