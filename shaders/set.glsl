// Purpose: a 3D set. Baked sets bring their light in the vertex colours; others get a simple key light and sky.
// Inputs: vertices: position (metres, model space), normal, tint (RGBA, 0..1, sRGB coded), texcoord;
//   image (switch TEXTURED): RGBA8 sRGB coded.
// Output: the program's codes (BT.709 limited), premultiplied with alpha. Switch COVERAGE: 1 in R, to make masks.
// Uniforms: clip_from_model (4x4), world_from_model (3x3, for normals), base (RGBA factor, 0..1, sRGB coded), baked (0 or 1),
//   image (unit 0), codes_from_rgb (3x3), offset (codes / 255, 0..1)
#ifdef VERTEX
uniform mat4 clip_from_model;
uniform mat3 world_from_model;
in vec3 position;
in vec3 normal;
in vec4 tint;
in vec2 texcoord;
out vec3 world_normal;
out vec4 rgba;
out vec2 uv;
void main() {
    gl_Position = clip_from_model * vec4(position, 1.0);
    world_normal = world_from_model * normal;
    rgba = tint;
    uv = texcoord;
}
#endif
#ifdef FRAGMENT
uniform vec4 base;
uniform float baked;
uniform mat3 codes_from_rgb;
uniform vec3 offset;
#ifdef TEXTURED
uniform sampler2D image;
#endif
in vec3 world_normal;
in vec4 rgba;
in vec2 uv;
out vec4 colour;
// Two-sided: a wall seen from behind is as bright as from before.
float light(vec3 n) {
    return 0.55 + 0.15 * n.y + 0.35 * abs(dot(n, normalize(vec3(0.4, 0.6, 0.7))));
}
void main() {
#ifdef COVERAGE
    colour = vec4(1.0);
#else
    vec4 c = rgba * base;
#ifdef TEXTURED
    c *= texture(image, uv);
#endif
    c.rgb *= mix(light(normalize(world_normal)), 1.0, baked);
    // Half a code of ordered noise: smooth light on dark walls would show steps in 8 bit.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    colour = vec4((codes_from_rgb * min(c.rgb, 1.0) + offset + vec3(noise / 255.0, 0.0, 0.0)) * c.a, c.a);
#endif
}
#endif
