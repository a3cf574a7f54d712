namespace Relay.Server.Hosting.Inventory;

/// <summary>A part that a relay had, and that a start does not find as it was.</summary>
/// <param name="Finding">What is missing, in words that follow a comma or a colon.</param>
/// <param name="Replace">True when the part must be created anew; false when what is there is used as it is.</param>
internal sealed record LostPart(RelayPart Part, string Finding, bool Replace = true)
{
    /// <summary>What <c>--start-anew</c> costs.</summary>
    public string Cost => Part switch
    {
        RelayPart.Database when Replace =>
            "models, versions, training runs, datasets, API keys and reports of nodes are forgotten, files of datasets are set aside, and there is a "
            + "new admin key",
        RelayPart.Database => "the models, versions and training runs since then are forgotten",
        RelayPart.Keys => "there are new keys and a new repository, and each node needs the new root.json",
        RelayPart.Repository when Replace =>
            "releases, channels and revocations are forgotten, and the repository begins anew under the present keys",
        RelayPart.Repository => "the releases, channels and revocations since then are forgotten",
        RelayPart.Authority => "there is a new TLS authority, and each client needs the new ca.pem",
        RelayPart.SignerSettings => "the relay signs with the key in its key folder, and nodes no longer check time stamps",
        RelayPart.Artifacts => "the versions of these files can no longer be published",
        _ => throw new ArgumentOutOfRangeException(nameof(Part), Part, "not a part"),
    };
}
