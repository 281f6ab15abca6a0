namespace Bitacora.Testing.Cassandra;

public enum FakeBatchType : byte
{
    Logged = 0,
    Unlogged = 1,
    Counter = 2,
}
