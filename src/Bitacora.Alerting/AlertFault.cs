namespace Bitacora.Alerting;

/// <summary>Something in the section <c>alerts</c> that cannot be used.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Key">Its key, as <c>alerts:rules:errors:window</c>.</param>
/// <param name="Problem">What was found and what is allowed.</param>
public sealed record AlertFault(int Line, string Key, string Problem)
{
    /// <summary>Line, key and problem.</summary>
    public override string ToString() => $"line {Line}: {Key}: {Problem}";
}
