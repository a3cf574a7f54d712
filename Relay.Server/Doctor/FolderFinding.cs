namespace Relay.Server.Doctor;

/// <summary>Something that is wrong in the data folder of a stopped relay.</summary>
/// <param name="Subject">The part: database, files, audit log, disk, or a role of the metadata.</param>
/// <param name="Finding">What is wrong with it.</param>
/// <param name="Advice">What to do.</param>
internal sealed record FolderFinding(string Subject, string Finding, string Advice);
