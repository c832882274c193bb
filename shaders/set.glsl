// Purpose: a 3D set. Baked sets bring their light in the vertex colours; others get a simple key light and sky.
// Inputs: vertices: position (metres, model space), normal, texcoord, tint (RGBA, 0..1: sRGB coded, but with the switch BAKED
//   the program's codes); image (switch TEXTURED): RGBA8 sRGB coded.
// Output: the program's codes (BT.709 limited), premultiplied with alpha. Switch COVERAGE: 1 everywhere, to make masks.
// Uniforms: clip_from_model (4x4), world_from_model (3x3, for normals), base (RGBA factor, 0..1, sRGB coded), image (unit 0),
//   codes_from_rgb (3x3), offset (codes / 255, 0..1), dither (codes / 255, 0..1)
#ifdef VERTEX
uniform mat4 clip_from_model;
in vec3 position;
in vec4 tint;
out vec4 shade;
#if !defined(BAKED) && !defined(COVERAGE)
uniform mat3 world_from_model;
in vec3 normal;
in vec2 texcoord;
out vec3 world_normal;
out vec2 uv;
#endif
void main() {
    gl_Position = clip_from_model * vec4(position, 1.0);
    shade = tint;
#if !defined(BAKED) && !defined(COVERAGE)
    world_normal = world_from_model * normal;
    uv = texcoord;
#endif
}
#endif
#ifdef FRAGMENT
uniform float dither;
in vec4 shade;
out vec4 colour;
#if !defined(BAKED) && !defined(COVERAGE)
uniform vec4 base;
uniform mat3 codes_from_rgb;
uniform vec3 offset;
#ifdef TEXTURED
uniform sampler2D image;
#endif
in vec3 world_normal;
in vec2 uv;
// Two-sided: a wall seen from behind is as bright as from before.
float light(vec3 n) {
    return 0.55 + 0.15 * n.y + 0.35 * abs(dot(n, normalize(vec3(0.4, 0.6, 0.7))));
}
vec4 shaded() {
    vec4 c = shade * base;
#ifdef TEXTURED
    c *= texture(image, uv);
#endif
    return vec4(codes_from_rgb * min(c.rgb * light(normalize(world_normal)), 1.0) + offset, c.a);
}
#else
vec4 shaded() { return shade; }
#endif
void main() {
#ifdef COVERAGE
    colour = vec4(1.0);
#else
    vec4 c = shaded();
#ifdef DITHER
    // Smooth light on dark walls would show steps in 8 bit (interleaved gradient noise).
    c.x += (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) * dither;
#endif
    colour = vec4(c.rgb * c.a, c.a);
#endif
}
#endif
