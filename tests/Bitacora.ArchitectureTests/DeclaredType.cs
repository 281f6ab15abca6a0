namespace Bitacora.ArchitectureTests;

/// <summary>A type's declaration: what follows the name holds parameters, bases and constraints.</summary>
internal sealed record DeclaredType(string Name, bool IsPublic, bool IsFileLocal, string Rest, bool HasNoBody);
