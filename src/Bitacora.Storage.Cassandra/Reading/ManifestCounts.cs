using System.Buffers.Binary;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// How many records of each minute, level, source and logger a slice has, packed: a day of a busy layer has hundreds of thousands of such
/// counts, and a query looks at each once. Filled by one thread, then immutable.
/// </summary>
internal sealed class ManifestCounts
{
    // minute (8 bytes), count (4), level, lengths of source and logger (2 each)
    private const int Prefix = 17;

    private byte[] _packed = new byte[512];
    private int _length;

    /// <summary>Adds what a column's key and value say.</summary>
    /// <returns>False where this version does not understand the key.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, int count)
    {
        if (!CountNames.TryRead(key, out var minute, out var level, out var source, out var logger))
        {
            return false;
        }

        Add(minute, level, source, logger, count);
        return true;
    }

    public void Add(long minute, Level level, ReadOnlySpan<byte> source, ReadOnlySpan<byte> logger, int count)
    {
        var length = Prefix + source.Length + logger.Length;
        if (_packed.Length - _length < length)
        {
            Array.Resize(ref _packed, Math.Max(_packed.Length * 2, _length + length));
        }

        var packed = _packed.AsSpan(_length);
        BinaryPrimitives.WriteInt64LittleEndian(packed, minute);
        BinaryPrimitives.WriteInt32LittleEndian(packed[8..], count);
        packed[12] = (byte)level;
        BinaryPrimitives.WriteUInt16LittleEndian(packed[13..], (ushort)source.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(packed[15..], (ushort)logger.Length);
        source.CopyTo(packed[Prefix..]);
        logger.CopyTo(packed[(Prefix + source.Length)..]);
        _length += length;
    }

    public Enumerator GetEnumerator() => new(_packed.AsSpan(0, _length));

    internal ref struct Enumerator(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public ManifestCount Current { get; private set; }

        public bool MoveNext()
        {
            if (_left.IsEmpty)
            {
                return false;
            }

            var source = BinaryPrimitives.ReadUInt16LittleEndian(_left[13..]);
            var logger = BinaryPrimitives.ReadUInt16LittleEndian(_left[15..]);
            Current = new ManifestCount(
                BinaryPrimitives.ReadInt64LittleEndian(_left), (Level)_left[12], _left.Slice(Prefix, source),
                _left.Slice(Prefix + source, logger), BinaryPrimitives.ReadInt32LittleEndian(_left[8..]));
            _left = _left[(Prefix + source + logger)..];
            return true;
        }
    }
}

/// <summary>Records of one minute, level, source and logger.</summary>
internal readonly ref struct ManifestCount(long minute, Level level, ReadOnlySpan<byte> source, ReadOnlySpan<byte> logger, int count)
{
    /// <summary>Minutes since 1970.</summary>
    public long Minute => minute;

    public Level Level => level;

    /// <summary>UTF-8; empty where they have none.</summary>
    public ReadOnlySpan<byte> Source { get; } = source;

    /// <summary>UTF-8; empty where they have none.</summary>
    public ReadOnlySpan<byte> Logger { get; } = logger;

    /// <summary>How many.</summary>
    public int Count => count;
}
