namespace Relay.Architecture.Tests;

/// <summary>Sibling folders that use each other.</summary>
/// <param name="Id">The parent folder and the members, as <see cref="FolderDirectionTests"/> names exceptions.</param>
/// <param name="Uses">Which folder uses which, in which files.</param>
internal sealed record FolderCycle(string Id, IReadOnlyList<string> Uses);
