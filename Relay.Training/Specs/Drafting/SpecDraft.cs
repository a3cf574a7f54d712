using Shared.Contracts.Models;

namespace Relay.Training.Specs.Drafting;

/// <summary>A spec that was guessed from a file, and what a person should know of it.</summary>
/// <param name="Rows">The rows of the file.</param>
/// <param name="Notes">One line for each decision that a person may want to take otherwise.</param>
public sealed record SpecDraft(ModelSpec Spec, long Rows, IReadOnlyList<string> Notes);
