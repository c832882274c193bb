// Purpose: a source's codes in the program's, graded.
// Inputs: look (switch LOOK): RGB16F 3D, the program's codes / 255 after a look, by Cr, Cb, Y' before it.
// Output: the program's codes (BT.709 limited) / 255.
// Uniforms: to_program (3x3, source codes to program codes), offset (codes / 255, -1..1), look (the unit after the others)
uniform mat3 to_program;
uniform vec3 offset;
#ifdef LOOK
uniform sampler3D look;
#endif
vec3 graded(vec3 codes) {
    codes = to_program * codes + offset;
#ifdef LOOK
    float size = float(textureSize(look, 0).x);
    codes = texture(look, (clamp(codes.bgr, 0.0, 1.0) * (size - 1.0) + 0.5) / size).rgb;
#endif
    return codes;
}
