namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>What is known of a filter before records are read: what it may be for one of them.</summary>
internal readonly record struct Verdict(bool MayBeTrue, bool MayBeFalse)
{
    public static Verdict True => new(true, false);

    public static Verdict False => new(false, true);

    public static Verdict Unknown => new(true, true);

    public static Verdict Of(bool value) => value ? True : False;

    public static Verdict operator &(Verdict left, Verdict right) =>
        new(left.MayBeTrue && right.MayBeTrue, left.MayBeFalse || right.MayBeFalse);

    public static Verdict operator |(Verdict left, Verdict right) =>
        new(left.MayBeTrue || right.MayBeTrue, left.MayBeFalse && right.MayBeFalse);

    public static Verdict operator !(Verdict verdict) => new(verdict.MayBeFalse, verdict.MayBeTrue);
}
