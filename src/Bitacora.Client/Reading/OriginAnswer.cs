using System.Text.Json;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Reading;

/// <summary>Reads what <c>/api/origins/{origin}</c> answers.</summary>
internal static class OriginAnswer
{
    /// <summary>The intervals of the sender without a key, which is who this client is.</summary>
    public static IReadOnlyList<PositionRange> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return [.. json.RootElement.GetProperty("senders").EnumerateArray()
                .Where(sender => sender.GetProperty("sender").ValueEquals(SenderId.None.ToString()))
                .SelectMany(sender => sender.GetProperty("intervals").EnumerateArray())
                .Select(interval => new PositionRange(interval[0].GetUInt64(), interval[1].GetUInt64()))
                .OrderBy(range => range.First)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or IndexOutOfRangeException)
        {
            throw new BitacoraClientException("The server's answer about an origin cannot be understood; is it of another version?", e);
        }
    }
}
