namespace Bitacora.Query;

/// <summary>A term whose field is an attribute, for the note about a field that no record in range has.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Text">The whole term as it is written: what the user perhaps meant as text.</param>
/// <param name="AsText">A filter that searches the term as text, to count the records that hold it.</param>
/// <param name="Repair">The whole query with the term quoted.</param>
public sealed record AttributeTerm(string Name, string Text, Filter AsText, string Repair);
