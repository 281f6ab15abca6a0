using Bitacora.Client.Ring;

namespace Bitacora.Client.Entries;

/// <summary>
/// The names and templates that entries had so far. Programs that build them have any number: when there are too many, the decoder begins
/// with a new vocabulary, between two entries.
/// </summary>
internal sealed class EntryVocabulary
{
    private const int Buckets = 1024;
    private const int NameLimit = 4096;

    /// <summary>Names that somebody chose for their equal hashes must not make looking them up slow.</summary>
    private const int BucketLimit = 16;

    /// <summary>Longer names are not kept: nobody's program has many, and an attacker's might.</summary>
    private const int NameLength = 256;

    private readonly KnownName[]?[] _buckets = new KnownName[Buckets][];
    private int _count;

    public EntryVocabulary(FieldNameFinder fields)
    {
        Fields = fields;
        Templates = new TemplateCache(NameLimit / 4, this);
        EventId = Name("EventId"u8);
        EventName = Name("EventName"u8);
        EventIdBeside = Name("dotnet.event_id"u8);
        EventNameBeside = Name("dotnet.event_name"u8);
        ExceptionType = Name("exception.type"u8);
        Scope = Name("dotnet.scope"u8);
        ProcessId = Name("process.pid"u8);
    }

    /// <summary>Which names give fields.</summary>
    public FieldNameFinder Fields { get; }

    public TemplateCache Templates { get; }

    /// <summary>Whether no more names are kept.</summary>
    public bool IsFull => _count >= NameLimit;

    public KnownName EventId { get; }

    public KnownName EventName { get; }

    /// <summary>The event's, where the call has a value of the usual name.</summary>
    public KnownName EventIdBeside { get; }

    /// <inheritdoc cref="EventIdBeside"/>
    public KnownName EventNameBeside { get; }

    public KnownName ExceptionType { get; }

    public KnownName Scope { get; }

    public KnownName ProcessId { get; }

    /// <summary>What is known of a name.</summary>
    public KnownName Name(ReadOnlySpan<byte> name)
    {
        ref var bucket = ref _buckets[HashOf(name) & (Buckets - 1)];
        foreach (var known in bucket ?? [])
        {
            if (name.SequenceEqual(known.Text))
            {
                return known;
            }
        }

        var (field, rank) = Fields.TryFind(name, out var found, out var strength) ? (found, strength) : (EntryIndex.None, 0);
        var isKept = !IsFull && name.Length <= NameLength && bucket is not { Length: >= BucketLimit };
        var added = new KnownName(name, field, rank, isKept);
        if (isKept)
        {
            bucket = [.. bucket ?? [], added];
            _count++;
        }

        return added;
    }

    /// <summary>The ring's checksum: quick, and of all bytes.</summary>
    internal static uint HashOf(ReadOnlySpan<byte> text) => EntryHeader.ChecksumOf(text, 0, 0, EntryKind.Log);
}
