using Bitacora.Cli.Commands;
using Bitacora.Query;

namespace Bitacora.Cli.Options;

/// <summary>A time zone as it is typed.</summary>
internal static class ZoneName
{
    /// <summary>A zone of the IANA database, or an offset such as <c>+02:00</c>: a server's zone is not always a place's.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static TimeZoneInfo Read(string text) => QueryZone.TryRead(text, out var zone)
        ? zone
        : throw new CommandException(
            text is ['+' or '-', ..] ? $"'{text}' is no offset to UTC." : $"The time zone '{text}' is not known.",
            "Write it as the IANA database does (Europe/Madrid, America/Lima, UTC), or as an offset: +02:00, -0500.",
            ExitCode.WrongUsage);
}
