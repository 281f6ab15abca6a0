using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>What may stand before any response's message, in this order: a tracing id, warnings, a custom payload.</summary>
internal static class ResponsePrefix
{
    private const int TracingIdSize = 16;

    /// <summary>Goes to the message; gives the warnings.</summary>
    public static string[] Skip(ref WireReader reader, EnvelopeFlags flags)
    {
        if ((flags & EnvelopeFlags.Tracing) != 0)
        {
            reader.Take(TracingIdSize);
        }

        var warnings = (flags & EnvelopeFlags.Warning) != 0 ? reader.ReadStringList() : [];
        if ((flags & EnvelopeFlags.CustomPayload) != 0)
        {
            reader.SkipBytesMap();
        }

        return warnings;
    }
}
