namespace Bitacora.Server;

/// <summary>The configuration has faults; nothing was started.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ConfigurationException(IReadOnlyList<ConfigurationFault> faults)
        : base(string.Join(Environment.NewLine, faults ?? throw new ArgumentNullException(nameof(faults)))) => Faults = faults;

    /// <summary>All faults, not just the first.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; }
}
