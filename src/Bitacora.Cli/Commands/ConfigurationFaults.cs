using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary>Says all that is wrong with a configuration at once.</summary>
internal static class ConfigurationFaults
{
    /// <exception cref="CommandException">There are faults.</exception>
    public static void Refuse(ServerConfiguration configuration)
    {
        if (configuration.Faults.Count > 0)
        {
            throw Of(configuration.Faults);
        }
    }

    public static CommandException Of(IReadOnlyList<ConfigurationFault> faults) => new(
        $"the configuration has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}:\n"
        + string.Join('\n', faults.Select(fault => $"  {fault}")),
        "`bitacora config check` prints all settings with what is allowed.",
        ExitCode.WrongUsage);
}
