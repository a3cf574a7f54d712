namespace Relay.WebConsole.Hosting;

/// <summary>Who has signed in.</summary>
/// <param name="Actor">Who acts, as the audit log names it.</param>
/// <param name="Name">For the page: the name of the API key, or of the person.</param>
/// <param name="Roles">As the API names them.</param>
/// <param name="CsrfToken">What each form of this session sends along.</param>
public sealed record ConsoleUser(string Actor, string Name, IReadOnlySet<string> Roles, string CsrfToken)
{
    private const string Admin = "admin";

    /// <summary>Whether the API accepts changes of this kind from the user. It decides what a page offers; the API decides what is done.</summary>
    public bool May(ConsolePermission permission) => Roles.Contains(Admin) || permission switch
    {
        ConsolePermission.Train => Roles.Contains("trainer"),
        ConsolePermission.Approve => Roles.Contains("approver"),
        ConsolePermission.Operate => Roles.Contains("operator"),
        ConsolePermission.Annotate => Roles.Contains("trainer") || Roles.Contains("approver") || Roles.Contains("operator"),
        _ => false,
    };
}

/// <summary>What a page offers to change.</summary>
public enum ConsolePermission
{
    /// <summary>Models, training runs and datasets.</summary>
    Train,

    /// <summary>Signatures for pending publications.</summary>
    Approve,

    /// <summary>Channels, releases, rollouts, revocations, nodes.</summary>
    Operate,

    /// <summary>Tags and notes.</summary>
    Annotate,

    /// <summary>API keys.</summary>
    Administer,
}
