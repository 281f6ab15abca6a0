using System.Text;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Records of a sample with some bytes changed, cut out, doubled or put together: what torn and mixed files hold.</summary>
internal sealed class MutatedRecords
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\n", "\n\n", "\n\t", "\t", " ", "  ", "\"", "\"\"", "\\", "\\u", ",", ":", "[", "]", "(", ")", "{", "}", "-", "=", "\0", "\r",
            "0", "99999999999999999999", "é", "\uFEFF", "\u001b[31m",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xC3],
    ];

    private readonly byte[] _sample;
    private readonly int[] _starts;
    private readonly List<byte[]> _records;
    private readonly Random _random;
    private readonly byte[] _bytes = new byte[1 << 16];

    /// <param name="sample">Lines.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="decoder">Finds the sample's records; without it, lines are taken alone.</param>
    public MutatedRecords(byte[] sample, int seed, IFormatDecoder? decoder = null)
    {
        _sample = sample;
        _random = new Random(seed);
        _records = decoder is null ? [] : RecordsOf(sample, decoder);
        _starts = [0, .. sample.Index().Where(entry => entry.Item == '\n').Select(entry => entry.Index + 1)];
    }

    /// <summary>The records of a sample, each with the lines that follow its first one.</summary>
    public static List<byte[]> RecordsOf(byte[] sample, IFormatDecoder decoder)
    {
        var records = new List<byte[]>();
        foreach (var range in sample.AsSpan().Split((byte)'\n'))
        {
            var line = sample.AsSpan()[range];
            if (!line.IsEmpty && decoder.Classify(line, out _) != LineRole.Start && records.Count > 0)
            {
                records[^1] = [.. records[^1], (byte)'\n', .. line];
            }
            else if (!line.IsEmpty)
            {
                records.Add(line.ToArray());
            }
        }

        return records;
    }

    /// <summary>A record of the sample, or one to four of its lines, changed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var text = _records.Count == 0 || _random.Next(4) == 0 ? SomeLines() : _records[_random.Next(_records.Count)];
        text.CopyTo(_bytes);
        var length = text.Length;
        for (var changes = _random.Next(1, 4); changes > 0 && length > 1; changes--)
        {
            var at = _random.Next(2) == 0 ? _random.Next(length) : _random.Next(Math.Min(length, 60));
            length = Change(at, length);
        }

        return _bytes.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> SomeLines()
    {
        var first = _random.Next(_starts.Length);
        var last = Math.Min(first + _random.Next(1, 5), _starts.Length) - 1;
        var end = last + 1 < _starts.Length ? _starts[last + 1] - 1 : _sample.Length;
        return _sample.AsSpan(_starts[first], end - _starts[first]);
    }

    private int Change(int at, int length)
    {
        switch (_random.Next(5))
        {
            case 0:
                _bytes[at] = (byte)_random.Next(256);
                return length;
            case 1:
                return _random.Next(3) == 0 ? Math.Max(1, at) : length;
            case 2:
                var gap = Math.Min(_random.Next(1, 12), length - at - 1);
                _bytes.AsSpan(at + gap, length - at - gap).CopyTo(_bytes.AsSpan(at));
                return length - gap;
            case 3:
                return Insert(at, length, Tokens[_random.Next(Tokens.Length)]);
            default:
                var from = _random.Next(_sample.Length);
                return Insert(at, length, _sample.AsSpan(from, Math.Min(_random.Next(1, 30), _sample.Length - from)));
        }
    }

    private int Insert(int at, int length, ReadOnlySpan<byte> piece)
    {
        if (length + piece.Length > _bytes.Length)
        {
            return length;
        }

        _bytes.AsSpan(at, length - at).CopyTo(_bytes.AsSpan(at + piece.Length));
        piece.CopyTo(_bytes.AsSpan(at));
        return length + piece.Length;
    }
}
