// Purpose: the vertex stage of every pass that draws a rectangle. No vertex buffer: four corners from gl_VertexID.
// Clip space has +Y down here (see live/stage/geometry.py), so row 0 of a target is the picture's top row.
// Uniforms: dst (x, y, w, h; shares of the target, 0..1, from the top left), src (x, y, w, h; shares of the texture, 0..1),
//   depth (clip depth, -1..1)
// Outputs: uv (texture shares)
#ifdef VERTEX
uniform vec4 dst;
uniform vec4 src;
uniform float depth;
out vec2 uv;
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    uv = src.xy + corner * src.zw;
    gl_Position = vec4((dst.xy + corner * dst.zw) * 2.0 - 1.0, depth, 1.0);
}
#endif
