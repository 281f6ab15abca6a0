namespace Bitacora.Ingestion;

/// <summary>What the lines of an input did not say, so that it came from elsewhere.</summary>
[Flags]
public enum Inferred
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The time zone: the context's.</summary>
    Zone = 1,

    /// <summary>The year: the context's, or the one that puts dates nearest to the input's time.</summary>
    Year = 2,

    /// <summary>The date: the input's.</summary>
    Date = 4,
}
