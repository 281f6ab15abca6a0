namespace Bitacora.Client;

/// <summary>How the values of a log call belong to the holes of its message template.</summary>
public enum TemplateStyle : byte
{
    /// <summary>There are no holes: the template is the message as it stands, braces too.</summary>
    Literal = 0,

    /// <summary>
    /// The first value fills the first hole, and so on; values have no names of their own. As Microsoft.Extensions.Logging's own methods
    /// and <c>LoggerMessage.Define</c> have it: a missing value is <c>(null)</c>, a collection's elements stand behind each other.
    /// </summary>
    Positional = 1,

    /// <summary>
    /// A value fills the hole of its name. As the source generator of <c>[LoggerMessage]</c> has it where <c>LoggerMessage.Define</c> does
    /// not suffice: a missing value is empty, a collection's elements stand in brackets.
    /// </summary>
    Named = 2,

    /// <summary>The template says how the message came about; the message is given beside it.</summary>
    Rendered = 3,
}
