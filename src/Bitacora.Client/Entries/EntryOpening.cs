namespace Bitacora.Client.Entries;

/// <summary>What an entry begins with behind its head: the same for all calls of one place in a program, mostly.</summary>
internal readonly record struct EntryOpening
{
    public string? Category { get; init; }

    public bool HasEvent { get; init; }

    public int EventId { get; init; }

    public string? EventName { get; init; }

    public string? Template { get; init; }

    public TemplateStyle Style { get; init; }

    /// <summary>Whether both consist of the same objects: quicker than comparing texts, and those of one place in a program are.</summary>
    public bool IsSame(in EntryOpening other) => ReferenceEquals(Template, other.Template) && ReferenceEquals(Category, other.Category)
        && ReferenceEquals(EventName, other.EventName) && EventId == other.EventId && HasEvent == other.HasEvent && Style == other.Style;
}
