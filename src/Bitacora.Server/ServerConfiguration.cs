using System.Collections;
using Bitacora.Alerting;
using Bitacora.Server.Configuration;

namespace Bitacora.Server;

/// <summary>
/// The configuration of a server: the file <c>bitacora.json</c> (comments allowed), then environment variables <c>BITACORA__…</c>, then
/// flags, each stronger than the one before. Settings are listed in <c>docs/configuration.md</c>.
/// </summary>
/// <remarks>Immutable once loaded, but for <see cref="Options"/>, which belongs to the caller.</remarks>
public sealed class ServerConfiguration
{
    /// <summary>The file that is read from the working directory when no other is named.</summary>
    public const string DefaultFile = "bitacora.json";

    private const string EnvironmentPrefix = "BITACORA__";

    private readonly Dictionary<string, string> _sources = [];

    private ServerConfiguration(Dictionary<string, (string Text, string Source)> values, List<ConfigurationFault> faults)
    {
        Faults = faults;
        var unreadable = new HashSet<string>();
        foreach (var setting in Settings.All)
        {
            if (!values.Remove(setting.Key, out var value))
            {
                continue;
            }

            _sources[setting.Key] = value.Source;
            if (!setting.TrySet(Options, value.Text))
            {
                unreadable.Add(setting.Key);
                var shown = setting.IsSecret ? "the value" : $"'{value.Text}'";
                faults.Add(new ConfigurationFault(setting.Key, $"{shown} is not understood; allowed: {setting.Allowed}", value.Source));
            }
        }

        faults.AddRange(ServerOptionsValidator.Faults(Options, SourceOf).Where(fault => !unreadable.Contains(fault.Key)));
        foreach (var (key, (_, source)) in values)
        {
            var advice = NearestSetting.To(key) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"there are: {string.Join(", ", Settings.All.Select(setting => setting.Key))}";
            faults.Add(new ConfigurationFault(key, $"there is no such setting; {advice}", source));
        }
    }

    /// <summary>The options; settings that could not be read keep their default.</summary>
    public ServerOptions Options { get; } = new();

    /// <summary>All that is wrong; a server does not start while there is any.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; }

    /// <summary>The file, where there is nothing in it and that was no fault; else null.</summary>
    public string? EmptyFile { get; private init; }

    /// <summary>Reads the chain. Never throws for what it reads: see <see cref="Faults"/>.</summary>
    /// <param name="file">The file; null reads <see cref="DefaultFile"/> where it exists. One that is named must exist.</param>
    /// <param name="environment">The environment's variables; those that do not begin with <c>BITACORA__</c> are passed over.</param>
    /// <param name="flags">Settings by key, as <c>ingest:body</c>; null values are passed over.</param>
    /// <param name="mayBeEmpty">Whether a file with nothing in it is as good as none; else it is a fault, for something was lost.</param>
    public static ServerConfiguration Load(
        string? file, IEnumerable<KeyValuePair<string, string?>> environment, IEnumerable<KeyValuePair<string, string?>> flags,
        bool mayBeEmpty = false)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(flags);
        var faults = new List<ConfigurationFault>();
        var values = new Dictionary<string, (string Text, string Source)>(StringComparer.OrdinalIgnoreCase);
        var alerts = AlertSettings.Default;
        var path = file ?? DefaultFile;
        var emptyFile = mayBeEmpty && ConfigurationFile.IsEmpty(path) ? path : null;
        if (emptyFile is null && (file is not null || File.Exists(DefaultFile)))
        {
            var read = new List<KeyValuePair<string, string>>();
            if (ConfigurationFile.Read(path, read, faults) is { } section)
            {
                alerts = section;
                faults.AddRange(section.Faults.Select(fault =>
                    new ConfigurationFault(fault.Key, fault.Problem, $"file {path}, line {fault.Line}")));
            }

            foreach (var (key, value) in read)
            {
                values[key] = (value, $"file {path}");
            }
        }

        foreach (var (name, value) in environment)
        {
            if (value is not null && name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                var key = name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);
                values[key] = (value, $"environment variable {name}");
            }
        }

        foreach (var (key, value) in flags)
        {
            if (value is not null)
            {
                values[key] = (value, "flag");
            }
        }

        return new ServerConfiguration(values, faults) { Options = { Alerts = alerts }, EmptyFile = emptyFile };
    }

    /// <summary>The environment of this process, as <see cref="Load"/> takes it.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> ProcessEnvironment() =>
        from DictionaryEntry entry in Environment.GetEnvironmentVariables()
        select KeyValuePair.Create((string)entry.Key, (string?)entry.Value);

    /// <summary>
    /// The effective configuration as a file that <see cref="Load"/> reads: every setting with its value and, in a comment, what it
    /// decides,
    /// what is allowed and where the value came from. Secrets that are set are left out.
    /// </summary>
    public string Print() => ConfigurationText.Of(Options, SourceOf);

    private string SourceOf(Setting setting) => _sources.GetValueOrDefault(setting.Key, "default");
}
