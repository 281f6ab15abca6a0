namespace Bitacora.Server.Configuration;

/// <summary>The one judge of options, whether they came from a file or from code.</summary>
internal static class ServerOptionsValidator
{
    public static IEnumerable<ConfigurationFault> Faults(ServerOptions options, Func<Setting, string> sourceOf) =>
        (from setting in Settings.All
         where !setting.IsAllowed(options)
         let shown = setting.IsSecret ? "***" : setting.Get(options)
         let what = setting.Key == "listen" && options.Listen.Any(IsWithoutScheme) ? "has no http:// before it" : "is out of range"
         select new ConfigurationFault(setting.Key, $"'{shown}' {what}; allowed: {setting.Allowed}", sourceOf(setting)))
        .Concat((options.Alerts?.Faults ?? []).Select(fault =>
            new ConfigurationFault(fault.Key, fault.Problem, $"line {fault.Line}")));

    private static bool IsWithoutScheme(string address) =>
        !address.Contains("://", StringComparison.Ordinal) && ListenAddress.TryParse("http://" + address, out _);
}
