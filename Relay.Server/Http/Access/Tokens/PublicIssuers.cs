namespace Relay.Server.Http.Access.Tokens;

/// <summary>Issuers at which anyone can have a token signed, for any audience. A grant for them must name a claim that says whose job it
/// is.</summary>
internal static class PublicIssuers
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["https://token.actions.githubusercontent.com"] =
            ["repository", "repository_id", "repository_owner", "repository_owner_id", "sub", "job_workflow_ref"],
        ["https://gitlab.com"] = ["project_path", "project_id", "namespace_path", "namespace_id", "sub"],
        ["https://accounts.google.com"] = ["sub", "hd", "email"],
        ["https://agent.buildkite.com"] = ["organization_slug", "organization_id", "pipeline_id", "sub"],
        ["https://app.terraform.io"] =
            ["terraform_organization_id", "terraform_organization_name", "terraform_project_id", "terraform_workspace_id", "sub"],
    };

    /// <summary>The claims of which a grant must name one; empty for an issuer that is not public.</summary>
    public static IReadOnlyList<string> FindOwnerClaims(string issuer) => Known.GetValueOrDefault(issuer.TrimEnd('/'), []);
}
