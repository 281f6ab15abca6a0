using System.CommandLine;

namespace Bitacora.Cli.Commands;

/// <summary>A noun with its verbs, such as <c>storage</c>.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params IReadOnlyList<Command> verbs)
        : base(name, description)
    {
        foreach (var verb in verbs)
        {
            Add(verb);
        }
    }
}
