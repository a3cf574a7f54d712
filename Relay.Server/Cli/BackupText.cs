using Relay.Server.Backups;

namespace Relay.Server.Cli;

/// <summary>What a backup holds, in one line.</summary>
internal static class BackupText
{
    public static string Describe(BackupDescription description)
    {
        long Rows(string table) => description.Rows.GetValueOrDefault(table);
        string metadata = string.Join(", ", description.Metadata.Select(role => $"{role.Key} {role.Value}"));
        return $"{Rows("models")} models with {Rows("model_versions")} versions, {Rows("training_runs")} training runs, {Rows("datasets")} datasets, "
            + $"{Rows("nodes")} nodes, {Rows("api_keys")} API keys; metadata: {metadata}";
    }
}
