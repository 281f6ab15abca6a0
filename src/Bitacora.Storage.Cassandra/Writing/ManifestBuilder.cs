using System.Buffers.Binary;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Gathers what a manifest says of a slice: counts by minute, level, source and logger; which attributes there are; hashes of its ids.
/// Reusable; one thread.
/// </summary>
internal sealed class ManifestBuilder
{
    /// <summary>The most entries of each map; a slice with more has none, and is read instead.</summary>
    public const int MaxEntries = 256;

    // minute (8 bytes), level, length of the source (2 bytes)
    private const int CountPrefix = 11;

    private static readonly int IdFields = IdHash.Fields.Length;

    private readonly ByteCounts _counts = new(MaxEntries);
    private readonly ByteCounts _fields = new(MaxEntries);
    private readonly HashSet<uint> _hashes = [];
    private readonly byte[][] _lastIds = new byte[IdFields][];
    private readonly int[] _lastIdLengths = new int[IdFields];
    private byte[] _key = new byte[1024];
    private IndexedText _indexed;
    private uint[] _sorted = [];
    private byte[] _ids = [];

    public int Rows { get; private set; }

    public RecordId First { get; private set; }

    public RecordId Last { get; private set; }

    /// <summary>Bit <c>1 &lt;&lt; level</c> for each level that occurs.</summary>
    public byte Levels { get; private set; }

    /// <summary>Keys of minute, level, source and logger (<see cref="CountKey"/>), with counts.</summary>
    public ByteCounts Counts => _counts;

    /// <summary>Keys of an attribute's type letter and name, with counts.</summary>
    public ByteCounts Fields => _fields;

    /// <param name="indexed">How the columns of the rows hold texts: counts and hashes are of what is there.</param>
    public void Begin(IndexedText indexed)
    {
        _indexed = indexed;
        (Rows, Levels, First, Last) = (0, 0, new RecordId(UInt128.MaxValue), default);
        _counts.Clear();
        _fields.Clear();
        _hashes.Clear();
        Array.Clear(_lastIdLengths);
    }

    public void Add(in RecordReader record)
    {
        var id = record.Id;
        Rows++;
        First = id < First ? id : First;
        Last = id > Last ? id : Last;
        Levels |= (byte)(1 << (int)record.Level);
        var texts = new ShortTexts(record);
        Count(record, _indexed.Cut(texts.Next(NamedField.Source)), _indexed.Cut(texts.Next(NamedField.Logger)));
        for (var i = 0; i < IdFields; i++)
        {
            var text = texts.Next(IdHash.Fields[i]);
            AddId(i, IdHash.Fields[i] == NamedField.RequestId ? _indexed.Cut(text) : text);
        }

        foreach (var attribute in record.Attributes)
        {
            var length = 1 + attribute.Name.Length;
            Reserve(length);
            _key[0] = AttributeTypeCode.Of(attribute.Type);
            attribute.Name.CopyTo(_key.AsSpan(1));
            _fields.Add(_key.AsSpan(0, length));
        }
    }

    /// <summary>The column <c>ids</c>: the version, then the hashes in ascending order, big-endian.</summary>
    public ReadOnlySpan<byte> Ids()
    {
        if (_sorted.Length < _hashes.Count)
        {
            _sorted = new uint[_hashes.Count * 2];
            _ids = new byte[1 + (_sorted.Length * sizeof(uint))];
        }

        _ids = _ids.Length == 0 ? new byte[1] : _ids;
        _hashes.CopyTo(_sorted);
        Array.Sort(_sorted, 0, _hashes.Count);
        _ids[0] = IdHash.Version;
        for (var i = 0; i < _hashes.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_ids.AsSpan(1 + (i * sizeof(uint))), _sorted[i]);
        }

        return _ids.AsSpan(0, 1 + (_hashes.Count * sizeof(uint)));
    }

    private void Count(in RecordReader record, ReadOnlySpan<byte> source, ReadOnlySpan<byte> logger)
    {
        var length = CountPrefix + source.Length + logger.Length;
        Reserve(length);
        BinaryPrimitives.WriteInt64BigEndian(_key, record.Time / TimeSpan.TicksPerMinute);
        _key[8] = (byte)record.Level;
        BinaryPrimitives.WriteUInt16BigEndian(_key.AsSpan(9), (ushort)source.Length);
        source.CopyTo(_key.AsSpan(CountPrefix));
        logger.CopyTo(_key.AsSpan(CountPrefix + source.Length));
        _counts.Add(_key.AsSpan(0, length));
    }

    private void AddId(int field, ReadOnlySpan<byte> value)
    {
        // Neighbours have the same host, and a request's records stand together.
        if (value.IsEmpty || value.SequenceEqual(_lastIds[field].AsSpan(0, _lastIdLengths[field])))
        {
            return;
        }

        if (_lastIds[field] is not { } last || last.Length < value.Length)
        {
            _lastIds[field] = last = new byte[Math.Max(64, value.Length)];
        }

        value.CopyTo(last);
        _lastIdLengths[field] = value.Length;
        _hashes.Add(IdHash.Of(IdHash.Fields[field], value));
    }

    private void Reserve(int length)
    {
        if (_key.Length < length)
        {
            _key = new byte[length * 2];
        }
    }

    /// <summary>What a key of <see cref="Counts"/> says.</summary>
    internal readonly ref struct CountKey(ReadOnlySpan<byte> key)
    {
        private readonly ReadOnlySpan<byte> _key = key;

        public long Minute => BinaryPrimitives.ReadInt64BigEndian(_key);

        public Level Level => (Level)_key[8];

        public ReadOnlySpan<byte> Source => _key.Slice(CountPrefix, SourceLength);

        public ReadOnlySpan<byte> Logger => _key[(CountPrefix + SourceLength)..];

        private int SourceLength => BinaryPrimitives.ReadUInt16BigEndian(_key[9..]);
    }
}
