namespace Sync.Client.Tests.Scoring;

public sealed class OnnxScorerTests() : ModelScorerTests(ScorerKind.OnnxRuntime);

public sealed class ManagedScorerTests() : ModelScorerTests(ScorerKind.Managed);
