namespace Bitacora.Testing.Cassandra;

/// <summary>A wrong checksum (v5 only).</summary>
public enum ReplyDamage
{
    None,
    HeaderChecksum,
    PayloadChecksum,
}
