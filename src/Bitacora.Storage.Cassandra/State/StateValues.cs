using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.State;

/// <summary>A key.</summary>
internal readonly record struct StateKey(string Key) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer) => writer.WriteText(Key);
}

/// <summary>A key and the version that it must have.</summary>
internal readonly record struct StateVersion(string Key, long Version) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteText(Key);
        writer.WriteInt64(Version);
    }
}

/// <summary>A key's new value and the version that it must have; 0: it must not exist.</summary>
internal readonly record struct StateChange(string Key, ReadOnlyMemory<byte> Value, long Version) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt64(Version + 1);
        writer.WriteBlob(Value.Span);
        writer.WriteText(Key);
        if (Version == 0)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteInt64(Version);
        }
    }
}

/// <summary>A lease and the owner that it must have.</summary>
internal readonly record struct LeaseOwner(string Name, string Owner) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteText(Name);
        writer.WriteText(Owner);
    }
}

/// <summary>A lease's new owner and end, and those that it must have; null: nobody holds it.</summary>
internal readonly record struct LeaseChange(string Name, string Owner, long Until, int TimeToLive, string? SeenOwner, long? SeenUntil)
    : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(TimeToLive);
        writer.WriteText(Owner);
        writer.WriteTimestamp(Until);
        writer.WriteText(Name);
        writer.WriteText(SeenOwner);
        if (SeenUntil is { } until)
        {
            writer.WriteTimestamp(until);
        }
        else
        {
            writer.WriteNull();
        }
    }
}
