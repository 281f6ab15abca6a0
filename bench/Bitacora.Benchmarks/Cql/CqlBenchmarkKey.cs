using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>The partition that is read.</summary>
internal readonly record struct CqlBenchmarkKey(int Partition) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer) => writer.WriteInt32(Partition);
}
