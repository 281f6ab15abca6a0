using System.Text.Json;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>A sample, or those of its lines that make one file.</summary>
internal sealed class SampleFile
{
    private readonly Dictionary<int, ulong> _offsets = [];

    /// <param name="sample">The whole sample.</param>
    /// <param name="ranges">Ranges of lines from 1, both ends included; null for all.</param>
    public SampleFile(byte[] sample, JsonElement? ranges)
    {
        var bytes = new MemoryStream();
        var at = 0;
        for (var number = 1; at < sample.Length; number++)
        {
            var end = Array.IndexOf(sample, (byte)'\n', at) + 1;
            end = end == 0 ? sample.Length : end;
            if (ranges is null || ranges.Value.EnumerateArray().Any(range =>
                number >= range[0].GetInt32() && number <= range[1].GetInt32()))
            {
                _offsets[number] = (ulong)bytes.Length;
                bytes.Write(sample, at, end - at);
            }

            at = end;
        }

        Bytes = bytes.ToArray();
    }

    public byte[] Bytes { get; }

    public int Lines => _offsets.Count;

    /// <summary>Where a line of the whole sample stands among these.</summary>
    public ulong OffsetOf(int line) => _offsets[line];
}
