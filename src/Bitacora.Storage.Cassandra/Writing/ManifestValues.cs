using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>The values of <see cref="Statements.InsertManifest"/>.</summary>
internal readonly ref struct ManifestValues(Slice slice, ManifestBuilder manifest, string writer, int timeToLive) : ICqlValues
{
    private const int StackBytes = 2048;

    public void WriteTo(ref ValueWriter values)
    {
        values.WriteDate(slice.Key.Date);
        values.WriteInt16(slice.Key.Bucket);
        values.WriteInt16(slice.Key.Shard);
        values.WriteUtf8(LayerNames.Utf8(slice.Layer));
        values.WriteUuid(slice.Id.ToGuid());
        values.WriteText(writer);
        values.WriteUuid(manifest.First.ToGuid());
        values.WriteUuid(manifest.Last.ToGuid());
        values.WriteInt32(manifest.Rows);
        values.WriteSByte((sbyte)manifest.Levels);
        WriteCounts(ref values);
        WriteFields(ref values);
        values.WriteBlob(manifest.Ids());
        values.WriteInt32(timeToLive);
    }

    private void WriteCounts(ref ValueWriter values)
    {
        if (manifest.Counts.IsOverfull)
        {
            values.WriteUnset();
            return;
        }

        Span<byte> stack = stackalloc byte[StackBytes];
        values.BeginCollection();
        foreach (var (key, count) in manifest.Counts)
        {
            var parts = new ManifestBuilder.CountKey(key);
            var most = CountNames.MaxLength(key.Length);
            var name = most <= StackBytes ? stack : new byte[most];
            values.WriteUtf8(name[..CountNames.Write(name, parts.Minute, parts.Level, parts.Source, parts.Logger)]);
            values.WriteInt32(count);
        }

        values.EndCollection();
    }

    private void WriteFields(ref ValueWriter values)
    {
        if (manifest.Fields.IsOverfull)
        {
            values.WriteUnset();
            return;
        }

        values.BeginCollection();
        foreach (var (key, count) in manifest.Fields)
        {
            values.WriteUtf8(key);
            values.WriteInt32(count);
        }

        values.EndCollection();
    }
}
