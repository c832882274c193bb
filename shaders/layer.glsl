// Purpose: a source as a layer: turned, with round corners, partly transparent (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: picture: RGBA8 holding the Y', Cb, Cr codes of the source (A unused), 4:4:4, linear filter;
//   look (switch LOOK): RGB16F, the program's codes after a look by those before it, linear filter.
// Output: the program's codes (BT.709 limited) premultiplied with alpha; its edge is antialiased.
// Uniforms: picture (unit 0), src (x, y, w, h; shares of the texture, 0..1), box (centre x, y and half width, height; pixels),
//   frame (width, height of the target, pixels), angle (clockwise, radians), radius (of the corners, pixels), opacity (0..1)
#ifdef VERTEX
uniform vec4 src;
uniform vec4 box;
uniform vec2 frame;
uniform float angle;
out vec2 uv;
out vec2 local;
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    local = corner * (box.zw + 1.0);
    uv = src.xy + (local / box.zw * 0.5 + 0.5) * src.zw;
    vec2 turned = vec2(local.x * cos(angle) - local.y * sin(angle), local.x * sin(angle) + local.y * cos(angle));
    gl_Position = vec4((box.xy + turned) / frame * 2.0 - 1.0, 0.0, 1.0);
}
#endif
#ifdef FRAGMENT
#include "include/grade.glsl"
uniform sampler2D picture;
uniform vec4 box;
uniform float radius;
uniform float opacity;
in vec2 uv;
in vec2 local;
out vec4 colour;
void main() {
    vec2 beyond = abs(local) - box.zw + radius;
    float outside = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - radius;
    float alpha = clamp(0.5 - outside, 0.0, 1.0) * opacity;
    colour = vec4(graded(texture(picture, uv).rgb), 1.0) * alpha;
}
#endif
