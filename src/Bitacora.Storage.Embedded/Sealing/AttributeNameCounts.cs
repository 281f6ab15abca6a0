using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>Counts the attribute names and types of a segment. Bounded: a sender that invents a name a record must not grow it.</summary>
internal sealed class AttributeNameCounts
{
    /// <summary>The most (name, type) pairs counted a segment.</summary>
    public const int MaxNames = 10_000;

    private readonly Dictionary<(byte[] Name, AttributeType Type), long> _counts = [];
    private readonly Dictionary<(byte[] Name, AttributeType Type), long>.AlternateLookup<NameKey> _lookup;

    public AttributeNameCounts()
    {
        _counts = new Dictionary<(byte[] Name, AttributeType Type), long>(NameComparer.Instance);
        _lookup = _counts.GetAlternateLookup<NameKey>();
    }

    /// <summary>False when there were more names than are counted.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>How often each occurred; names in UTF-8.</summary>
    public IReadOnlyDictionary<(byte[] Name, AttributeType Type), long> Counts => _counts;

    public void Add(ReadOnlySpan<byte> name, AttributeType type)
    {
        var key = new NameKey(name, type);
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_lookup, key);
        if (!Unsafe.IsNullRef(ref count))
        {
            count++;
        }
        else if (_counts.Count < MaxNames)
        {
            _lookup[key] = 1;
        }
        else
        {
            IsComplete = false;
        }
    }

    private readonly ref struct NameKey(ReadOnlySpan<byte> name, AttributeType type)
    {
        public readonly ReadOnlySpan<byte> Name = name;
        public readonly AttributeType Type = type;
    }

    private sealed class NameComparer : IEqualityComparer<(byte[] Name, AttributeType Type)>,
        IAlternateEqualityComparer<NameKey, (byte[] Name, AttributeType Type)>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals((byte[] Name, AttributeType Type) x, (byte[] Name, AttributeType Type) y) =>
            x.Type == y.Type && x.Name.AsSpan().SequenceEqual(y.Name);

        public int GetHashCode((byte[] Name, AttributeType Type) obj) => Hash(obj.Name, obj.Type);

        public bool Equals(NameKey alternate, (byte[] Name, AttributeType Type) other) =>
            alternate.Type == other.Type && alternate.Name.SequenceEqual(other.Name);

        public int GetHashCode(NameKey alternate) => Hash(alternate.Name, alternate.Type);

        public (byte[] Name, AttributeType Type) Create(NameKey alternate) => (alternate.Name.ToArray(), alternate.Type);

        private static int Hash(ReadOnlySpan<byte> name, AttributeType type)
        {
            var hash = default(HashCode);
            hash.AddBytes(name);
            hash.Add((byte)type);
            return hash.ToHashCode();
        }
    }
}
