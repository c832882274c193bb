// Purpose: the program's codes as light, and back: compositing in linear light (a GPU's half-float targets).
// Inputs: none.
// Output: in_light: premultiplied codes / 255 (BT.709 limited) to premultiplied linear R, G, B, A; codes_of: linear R, G, B to codes / 255.
// The transfer function is a display's, ITU-R BT.1886 with black at 0: light = value ** 2.4; what is under black or over white stays so.
#ifndef IN_LIGHT
#define IN_LIGHT
vec3 power(vec3 v, float exponent) {
    return sign(v) * pow(abs(v), vec3(exponent));
}
vec4 in_light(vec4 codes) {
    if (codes.a <= 0.0) return vec4(0.0);
    vec3 c = codes.rgb / codes.a;
    float y = (c.r * 255.0 - 16.0) / 219.0;
    vec2 chroma = (c.gb * 255.0 - 128.0) / 224.0;
    float blue = y + 1.8556 * chroma.x;
    float red = y + 1.5748 * chroma.y;
    vec3 rgb = vec3(red, (y - 0.2126 * red - 0.0722 * blue) / 0.7152, blue);
    return vec4(power(rgb, 2.4), 1.0) * codes.a;
}
vec3 codes_of(vec3 light) {
    vec3 rgb = power(light, 1.0 / 2.4);
    float y = dot(rgb, vec3(0.2126, 0.7152, 0.0722));
    return vec3(16.0 + 219.0 * y, 128.0 + 224.0 * vec2(rgb.b - y, rgb.r - y) / vec2(1.8556, 1.5748)) / 255.0;
}
#endif
