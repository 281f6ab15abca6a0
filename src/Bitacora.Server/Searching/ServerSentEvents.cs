using System.Buffers;
using System.IO.Pipelines;

namespace Bitacora.Server.Searching;

/// <summary>The framing of server-sent events. Data is one line: JSON has no line ends outside of its strings, where they are
/// escaped.</summary>
internal static class ServerSentEvents
{
    public static void WriteComment(this PipeWriter output, ReadOnlySpan<byte> text)
    {
        output.Write(": "u8);
        output.Write(text);
        output.Write("\n\n"u8);
    }

    public static void BeginEvent(this PipeWriter output, ReadOnlySpan<byte> name)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\ndata: "u8);
    }

    public static void EndEvent(this PipeWriter output) => output.Write("\n\n"u8);
}
