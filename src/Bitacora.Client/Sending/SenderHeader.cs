using System.Globalization;
using System.Text;

namespace Bitacora.Client.Sending;

/// <summary>
/// The header <c>Bitacora-Sender</c>: who sends, and how it goes there. A dictionary of RFC 8941, at most 4 KiB, without secrets.
/// </summary>
internal static class SenderHeader
{
    public const string Name = "Bitacora-Sender";

    private const int MaxText = 200;

    public static string Write(LogWriterIdentity writer, string client, LogStatistics statistics)
    {
        var header = new StringBuilder(512);
        Add(header, "name", writer.Source.Length > 0 ? writer.Source : "?");
        Add(header, "host", writer.Host);
        Add(header, "process", writer.ProcessId);
        Add(header, "client", client);
        Add(header, "since", writer.Since.ToUnixTimeSeconds());
        Add(header, "accepted", statistics.Accepted);
        Add(header, "delivered", statistics.LogsWritten);
        Add(header, "waiting", statistics.InRing + statistics.InSpool);
        Add(header, "dropped-full", statistics.DroppedFull + statistics.DroppedClosed);
        Add(header, "dropped-failed", statistics.DroppedFailed);
        Add(header, "dropped-spool", statistics.DroppedSpool);
        Add(header, "dropped-refused", statistics.Dead + statistics.DroppedRefused);
        Add(header, "dropped-shutdown", statistics.DroppedShutdown);
        Add(header, "batches", statistics.Batches);
        Add(header, "retries", statistics.Retries);
        Add(header, "spooled", statistics.Spooled);
        Add(header, "replayed", statistics.Replayed);
        header.Append(CultureInfo.InvariantCulture, $", oldest={statistics.OldestUnsentAge.TotalSeconds:0.0##}");
        if (statistics.LastError is { Length: > 0 } error)
        {
            Add(header, "last-error", error);
        }

        return header.ToString();
    }

    private static void Add(StringBuilder header, string key, long value) =>
        header.Append(header.Length > 0 ? ", " : "").Append(key).Append('=').Append(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>A string of RFC 8941 is printable ASCII.</summary>
    private static void Add(StringBuilder header, string key, string text)
    {
        header.Append(header.Length > 0 ? ", " : "").Append(key).Append("=\"");
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, MaxText)))
        {
            header.Append(letter is '"' or '\\' ? "\\" : "").Append(letter is >= ' ' and <= '~' ? letter : '?');
        }

        header.Append('"');
    }
}
