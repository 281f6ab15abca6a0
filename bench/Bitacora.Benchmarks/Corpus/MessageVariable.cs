namespace Bitacora.Benchmarks.Corpus;

internal enum MessageVariable
{
    Number,
    IpAddress,
    HexId,
}
