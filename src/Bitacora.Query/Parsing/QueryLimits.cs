namespace Bitacora.Query.Parsing;

/// <summary>How large a query may be (rule 17); checked before anything is built, so that no query can exhaust memory or a stack.</summary>
internal static class QueryLimits
{
    internal const int Bytes = 16 * 1024;
    internal const int Terms = 256;
    internal const int Depth = 32;
    internal const int Stages = 8;
    internal const int Keys = 4;

    /// <summary>Functions of <c>stats</c>: each keeps some hundred bytes of each of 100,000 groups.</summary>
    internal const int Functions = 16;
    internal const int Rows = 10_000;
    internal const int SortedRows = 1_000;
}
