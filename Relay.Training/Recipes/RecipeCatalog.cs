namespace Relay.Training.Recipes;

/// <summary>The recipes that come with the program.</summary>
public static class RecipeCatalog
{
    /// <summary>The name of the recipe whose rows are made of lists of addresses.</summary>
    public const string IpReputation = "ip-reputation";

    public static IReadOnlyList<Recipe> All { get; } =
    [
        new("threat-classifier", "29 features of an HTTP request -> safe, or one of 7 attacks (random forest)", IsSimulated: true),
        new("anomaly-detector", "29 features of an HTTP request -> how unusual it is (isolation forest)", IsSimulated: true),
        new("feature-scaler", "29 features of an HTTP request -> the same with mean 0 and variance 1", IsSimulated: true),
        new(IpReputation, "an IP address -> on a list, or the probability that it is bad (gradient boosting)", IsSimulated: false),
    ];

    /// <summary>The recipe of a name; null where there is none.</summary>
    public static Recipe? Find(string name) => All.FirstOrDefault(r => r.Name == name);
}
