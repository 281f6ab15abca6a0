using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Server;

namespace Bitacora.Cli.Options;

/// <summary><c>--name NAME</c>: which key.</summary>
internal sealed class KeyName
{
    private readonly Option<string> _name = new("--name")
    {
        Description = $"The key's name: {ApiKeys.AllowedName}.",
        HelpName = "NAME",
        Required = true,
    };

    public void AddTo(Command command) => command.Add(_name);

    /// <exception cref="CommandException">It is no name.</exception>
    public string Read(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(_name);
        return ApiKeys.IsName(name)
            ? name
            : throw new CommandException($"'{name}' cannot be a key's name.", $"Allowed: {ApiKeys.AllowedName}.", ExitCode.WrongUsage);
    }
}
