namespace Relay.Training.Recipes.Reputation;

/// <summary>A row of <c>ip-reputation</c>.</summary>
/// <param name="Cells">The columns of <see cref="Shared.Contracts.Addresses.AddressFeatures.Names"/>.</param>
/// <param name="Source">Where the address is from: the groups that the card compares.</param>
internal readonly record struct ReputationRow(string[] Cells, string Label, double Weight, string Source)
{
    public const string Good = "good";
    public const string Bad = "bad";
}
