using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.Extensions.Logging;

/// <summary>A record while enrichers add to it.</summary>
public readonly ref struct RecordEnrichment
{
    private readonly EntryWriter _entry;

    internal RecordEnrichment(Level level, string category, EntryWriter entry) => (Level, Category, _entry) = (level, category, entry);

    /// <summary>How bad the event is.</summary>
    public Level Level { get; }

    /// <summary>The logger's category.</summary>
    public string Category { get; }

    /// <summary>
    /// Adds a value: to a field of the record if it has one of the names for that (<c>UserId</c>, say), else as an attribute. What the call
    /// itself gave under that name comes first. A missing value is nothing.
    /// </summary>
    public void Add<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _entry.Value(name, value);
    }
}
