namespace Sync.Client.Tests.Runtime;

public sealed class OnnxScorerTests() : ModelScorerTests(ScorerKind.OnnxRuntime);

public sealed class ManagedScorerTests() : ModelScorerTests(ScorerKind.Managed);
