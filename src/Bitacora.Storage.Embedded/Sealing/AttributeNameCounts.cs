using System.Text;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>Counts the attribute names and types of a segment. Bounded: a sender that invents a name a record must not grow it.</summary>
internal sealed class AttributeNameCounts
{
    /// <summary>The most (name, type) pairs counted a segment.</summary>
    public const int MaxNames = 10_000;

    private readonly Dictionary<(string Name, AttributeType Type), long> _counts = [];
    private readonly Dictionary<(string Name, AttributeType Type), long>.AlternateLookup<NameKey> _lookup;

    public AttributeNameCounts()
    {
        _counts = new Dictionary<(string Name, AttributeType Type), long>(NameComparer.Instance);
        _lookup = _counts.GetAlternateLookup<NameKey>();
    }

    /// <summary>False when there were more names than are counted.</summary>
    public bool IsComplete { get; private set; } = true;

    public IReadOnlyDictionary<(string Name, AttributeType Type), long> Counts => _counts;

    public void Add(ReadOnlySpan<byte> name, AttributeType type)
    {
        var key = new NameKey(name, type);
        if (_lookup.TryGetValue(key, out var count))
        {
            _lookup[key] = count + 1;
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

    private sealed class NameComparer : IEqualityComparer<(string Name, AttributeType Type)>,
        IAlternateEqualityComparer<NameKey, (string Name, AttributeType Type)>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals((string Name, AttributeType Type) x, (string Name, AttributeType Type) y) => x == y;

        public int GetHashCode((string Name, AttributeType Type) obj)
        {
            Span<byte> buffer = stackalloc byte[256];
            return Encoding.UTF8.TryGetBytes(obj.Name, buffer, out var length)
                ? Hash(buffer[..length], obj.Type)
                : Hash(Encoding.UTF8.GetBytes(obj.Name), obj.Type);
        }

        public bool Equals(NameKey alternate, (string Name, AttributeType Type) other)
        {
            if (alternate.Type != other.Type)
            {
                return false;
            }

            Span<byte> buffer = stackalloc byte[256];
            return Encoding.UTF8.TryGetBytes(other.Name, buffer, out var length)
                ? alternate.Name.SequenceEqual(buffer[..length])
                : alternate.Name.SequenceEqual(Encoding.UTF8.GetBytes(other.Name));
        }

        public int GetHashCode(NameKey alternate) => Hash(alternate.Name, alternate.Type);

        public (string Name, AttributeType Type) Create(NameKey alternate) => (Encoding.UTF8.GetString(alternate.Name), alternate.Type);

        private static int Hash(ReadOnlySpan<byte> name, AttributeType type)
        {
            var hash = default(HashCode);
            hash.AddBytes(name);
            hash.Add((byte)type);
            return hash.ToHashCode();
        }
    }
}
